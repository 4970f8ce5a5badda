// Which documents of the corpora the model predicts worse than the baseline did.

function drawDocuments(body, data) {
  const corpora = new Set(data.rows.map((row) => row.corpus));
  const same = data.compared - data.harder - data.easier;
  if (data.compared > 0) {
    body.append(el("p", null, "Of " + count(data.compared) + " documents of both runs " + count(data.harder) + " are harder for this model than for the baseline's, "
      + count(data.easier) + " easier" + (same > 0 ? ", " + count(same) + " the same" : "") + "."));
  }
  if (data.rows.length > 0) {
    body.append(table("The " + data.rows.length + " documents whose perplexity rose most", [
      ["Document", (row) => row.id],
      ["Change", (row) => signed(100 * (row.ratio - 1), 2) + " %", "number"],
      ["Perplexity", (row) => decimal(row.perplexity), "number"],
      ["Baseline", (row) => decimal(row.baseline), "number"],
      ["Domain", (row) => cut(row.domain || "–", 40), "short"],
      ...(corpora.size > 1 ? [["Corpus", (row) => cut(row.corpus.replace(/^corpus:/, ""), 40), "short"]] : []),
      ["Tokens", (row) => count(row.tokens), "number"],
    ], data.rows, true));
    body.append(note("The texts are not in the tables: the ids are those of the corpus's files."));
  }
  if (data.unread.length > 0) {
    body.append(note("Too large to be compared here: " + data.unread.join(", ") + ". The query conf/sql/worst-documents.sql does it."));
  }
}
