// A button that opens the file picker. A real button keeps focus and keys as people expect; the input itself is hidden.
// It accepts any file: telephones grey out the endings they do not know, and .h5ad is one of them.
import { useRef } from 'preact/hooks';
import { addFiles } from '../actions/open_files';
import type { FileKind } from '../sort_files';

interface FileButtonProps {
  id: string;
  label: string;
  kind: FileKind;
  isPrimary: boolean;
}

export function FileButton({ id, label, kind, isPrimary }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const onChange = () => {
    const files = [...(input.current?.files ?? [])];
    // Emptied, so that choosing the same file again is noticed.
    if (input.current) input.current.value = '';
    void addFiles(files, kind);
  };
  return (
    <>
      <input ref={input} id={id} type="file" multiple hidden aria-label={label} onChange={onChange} />
      <button type="button" class={isPrimary ? 'button primary' : 'button'} onClick={() => input.current?.click()}>
        {label}
      </button>
    </>
  );
}
