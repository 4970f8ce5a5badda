// Puts the sections together: those the run has something to show for, and those that could not be read.

const SECTIONS = [
  ["metrics", "Metrics", "What the tasks and corpora measured, with 95 % intervals where there is a standard error.", drawMetrics],
  ["perplexity", "Perplexity by domain", "How surprised the model is by texts of each domain: 1 is not at all.", drawPerplexity],
  ["documents", "Documents that became harder", null, drawDocuments],
  ["load", "Expert load", "How many tokens chose each expert, against an even share. Choose a domain; choose a cell to see the expert's tokens.", drawLoad],
  ["specialists", "Experts by domain", "Experts that take more of a domain than documents differ among themselves: domain labels are permuted over documents to tell.", drawSpecialists],
  ["balance", "Balance by layer", "How evenly tokens are spread over the experts of each layer. An uneven layer wastes machines that hold its idle experts.", drawBalance],
  ["map", "Map of experts", "Experts by their part of every domain, in two dimensions (PCA): near ones are alike.", drawMap],
  ["coactivation", "Experts chosen together", "Of the tokens that chose an expert, how many also chose another one.", drawCoactivation],
  ["mtp", "Multi-token prediction", "The model's MTP modules draft the next tokens, the main model checks them: accepted drafts save steps and change no text.", drawMtp],
  ["cache", "Key-value cache", "What a token takes with the model's own latent attention (MLA), and would take with other kinds.", drawCache],
  ["throughput", "Throughput and sharing", "Beginnings that requests have in common are computed once.", drawThroughput],
  ["trends", "Trend", "This run and those of the same series before it.", drawTrends],
  ["failures", "Rejected rows", null, drawFailures],
  ["run", "How it was run", null, drawRun],
];

function addSection(main, links, id, title, draw) {
  const section = el("section", { id, "aria-labelledby": id + "-title" });
  main.append(section);
  draw(section);
  links.append(el("li", null, el("a", { href: "#" + id }, title)));
}

function buildPage() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const main = document.getElementById("content");
  const links = el("ul");
  const run = data.run && !data.run.problem ? data.run : {};
  document.getElementById("masthead").append(
    el("p", { class: "brand" }, "Assay"),
    el("h1", null, "Run " + (run.id || "of unknown name")),
    el("p", { class: "subtitle" }, [run.model && run.model.split(/[\\/]/).filter(Boolean).slice(-2).join("/"), run.precision, run.finished && moment(run.finished)].filter(Boolean).join(" · ")));
  addSection(main, links, "verdict", "Verdict", (section) => drawVerdict(section, data));
  for (const [id, title, lead, draw] of SECTIONS) {
    if (!data[id]) {
      continue;
    }
    addSection(main, links, id, title, (section) => {
      section.append(el("h2", { id: id + "-title" }, title));
      if (data[id].problem) {
        section.append(note("This cannot be shown: " + data[id].problem));
        return;
      }
      if (lead) {
        section.append(el("p", null, lead));
      }
      try {
        draw(section, data[id], data);
      } catch (error) {
        // One section less, not all that follow.
        section.append(note("This cannot be shown, which is a defect of Assay: " + error.message));
        console.error(error);
      }
    });
  }
  const missing = SECTIONS.filter(([id]) => !data[id]).map(([, title]) => title.toLowerCase());
  if (missing.length > 0) {
    main.append(note("This run has no tables for: " + missing.join(", ") + "."));
  }
  document.getElementById("sections").append(links);
  markCurrent(links);
}

// The link of the section that is read stands out.
function markCurrent(links) {
  const seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    links.querySelectorAll("a").forEach((link) => {
      if (link.hash === "#" + entry.target.id) {
        link.setAttribute("aria-current", "true");
      } else {
        link.removeAttribute("aria-current");
      }
    });
  }), { rootMargin: "-10% 0px -80% 0px" });
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));
}

buildPage();
watchCharts();
