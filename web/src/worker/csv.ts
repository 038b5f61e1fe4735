// labels.csv, byte for byte as `plkd annotate` writes it; what a person made of the labels comes behind it.
import { type CellType, type CsvRequest, type Curated, LabelKind, type Vote } from '../protocol';
import { unpackNames } from './names';

const kHeader = 'cell,label,ontology_id,kind,probability,unknown_score,best_label,best_probability,second_label,second_probability';
const kCuratedHeader = ',curated_label,review';
const kVoteHeader = ',cluster,cluster_label,cluster_ontology_id,cluster_share';
const kDigits = 6; // C's %.6g
const kCellsPerPart = 4096;

export function writeCsv(request: CsvRequest): Blob {
  const parts: string[] = [`${kHeader}${request.vote ? kVoteHeader : ''}${request.curated ? kCuratedHeader : ''}\n`];
  let lines = '';
  for (const range of request.names) {
    let cell = range.first;
    for (const name of unpackNames(range.names)) {
      lines += csvLine(request, cell++, name);
      if (cell % kCellsPerPart === 0) {
        parts.push(lines);
        lines = '';
      }
    }
  }
  parts.push(lines);
  return new Blob(parts, { type: 'text/csv' });
}

const kKindNames = ['type', 'broader', 'unknown'];

function csvLine({ classes, broader, columns, labelAll, vote, curated }: CsvRequest, cell: number, name: string): string {
  const best = classes[columns.best[cell]!]!;
  const second: CellType | undefined = classes[columns.second[cell]!];
  const kind = labelAll ? LabelKind.type : columns.kind[cell]!;
  const term = broader[columns.term[cell]!];
  const label = kind === LabelKind.unknown ? undefined : kind === LabelKind.broader ? term : best;
  return [
    quoted(name),
    label ? quoted(label.name) : 'unknown',
    label ? quoted(label.ontologyId) : '',
    kKindNames[kind],
    formatFloat((labelAll ? columns.probability : columns.labelProbability)[cell]!),
    formatFloat(columns.unknownScore[cell]!),
    quoted(best.name),
    formatFloat(columns.probability[cell]!),
    second ? quoted(second.name) : '',
    formatFloat(columns.secondProbability[cell]!),
    ...(vote ? fieldsOfVote(vote, cell) : []),
    ...(curated ? fieldsByHand(curated, cell) : []),
  ].join(',') + '\n';
}

function fieldsOfVote({ cluster, labels }: Vote, cell: number): string[] {
  const of = labels[cluster[cell]!];
  return of ? [quoted(of.cluster), quoted(of.label), quoted(of.ontologyId), formatFloat(of.agree / of.cells)] : ['', '', '', ''];
}

function fieldsByHand({ names, label, reviewNames, review }: Curated, cell: number): string[] {
  return [quoted(names[label[cell]!]!), reviewNames[review[cell]!]!];
}

// RFC 4180: quotes only where a comma, a quote or a line end makes them necessary.
function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

export function formatFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits, exponent] = splitEven(value);
  const trimmed = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (exponent < -4 || exponent >= kDigits) {
    const sign = exponent < 0 ? '-' : '+';
    return `${trimmed(digits)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return trimmed(Number(`${digits}e${exponent}`).toFixed(kDigits - 1 - exponent));
}

// Six significant digits and the decimal exponent. JavaScript rounds a tie up, C to the even digit; a float can be an
// exact tie (1/512 = 0.001953125), so those are cut by hand.
function splitEven(value: number): [string, number] {
  let text = value.toExponential(kDigits - 1);
  const exact = value.toExponential(30);
  const [mantissa, exponent] = exact.split('e') as [string, string];
  const point = mantissa.indexOf('.') + kDigits;
  const isTie = /^50*$/.test(mantissa.slice(point));
  if (isTie && Number(mantissa[point - 1]) % 2 === 0) text = `${mantissa.slice(0, point)}e${exponent}`;
  const [digits, power] = text.split('e') as [string, string];
  return [digits, Number(power)];
}
