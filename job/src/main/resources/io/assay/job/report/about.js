// What was rejected, and how all of it came about.

function drawFailures(body, data) {
  if (data.total === 0) {
    body.append(el("p", null, "None: every document and request was used."));
    return;
  }
  body.append(table("Rejected rows by code", [
    ["Code", (row) => row[0]],
    ["Rows", (row) => count(row[1]), "number"],
  ], Object.entries(data.codes).sort((a, b) => b[1] - a[1])));
  body.append(table("The first " + data.rows.length + " of " + count(data.total), [
    ["Source", (row) => row.source],
    ["Item", (row) => row.item],
    ["Code", (row) => row.code],
    ["Why", (row) => row.message, "wide"],
  ], data.rows, true));
}

function drawRun(body, run) {
  body.append(facts([
    ["Run", run.id],
    ["Series", run.family],
    ["Status", run.status],
    ["Model", run.model],
    ["Fingerprint", run.fingerprint && el("code", null, run.fingerprint)],
    ["Computed by", run.backend],
    ["Precision", run.precision],
    ["Numerics", run.numerics && el("code", null, run.numerics)],
    ["Longest sequence", known(run.maxLength) ? count(run.maxLength) + " tokens" : null],
    ["Texts start with BOS", run.bos === undefined ? null : run.bos ? "yes" : "no"],
    ["Started", moment(run.started)],
    ["Ended", run.finished && moment(run.finished) + ", after " + duration(run.seconds)],
    ["Versions", "Assay " + run.assayVersion + ", Spark " + run.sparkVersion],
    ["Spark master", run.master],
  ]));
  if (run.config) {
    body.append(details("The effective run file", () => el("pre", { tabindex: "0", role: "region", "aria-label": "The effective run file" }, run.config)));
  }
}
