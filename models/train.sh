# Sourced by the train_* scripts here: leaves their folder for the project's and gives them `train`.
set -eu
cd "$(dirname "$0")/.."
data=../shared/data
human_ids=../shared/resources/GENCODEv44_Gene_id2name.csv.gz
orthologues=../shared/resources/Ensembl105_Human2Mouse_Genes.csv

# train NAME OPTION...: makes models/NAME.onnx, then writes its card's figures into models/README.md.
train() {
  name=$1
  shift
  build/release/bin/plkd train --ontology ../shared/resources/cl-basic.obo --gene-table $orthologues --seed 1 --out "models/$name.onnx" --licence MIT "$@"
  node models/write_cards.mjs "$name"
  node models/write_gallery.mjs
}
