// Numbers, times and texts as people read them; the same in every locale.

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

const known = (value) => typeof value === "number" && Number.isFinite(value);

const count = (value) => (known(value) ? GROUPED.format(value) : "–");

// Four decimals as on the console; fewer for large numbers, powers of ten for huge and tiny ones.
function decimal(value, digits = 4) {
  if (!known(value)) {
    return "–";
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    return value.toExponential(2);
  }
  return value.toFixed(size >= 1000 ? 1 : size >= 100 ? Math.min(digits, 2) : digits);
}

// Below a ten-thousandth the exact p-value says nothing more.
const probability = (p) => (known(p) && p < 1e-4 ? "< 0.0001" : decimal(p));

const signed = (value, digits = 4) => (known(value) && value > 0 ? "+" : "") + decimal(value, digits);

const percent = (part, digits = 1) => (known(part) ? (100 * part).toFixed(digits) + " %" : "–");

const times = (value, digits = 2) => (known(value) ? value.toFixed(value >= 100 ? 0 : digits) + "×" : "–");

function inUnits(value, base, units) {
  if (!known(value)) {
    return "–";
  }
  let unit = 0;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  return (unit === 0 ? GROUPED.format(value) : value.toFixed(1)) + units[unit];
}

const bytes = (value) => inUnits(value, 1024, [" B", " KiB", " MiB", " GiB", " TiB"]);

const short = (value) => inUnits(value, 1000, ["", " K", " M", " B", " T"]);

function duration(seconds) {
  if (!known(seconds)) {
    return "–";
  }
  if (seconds < 60) {
    return seconds.toFixed(1) + " s";
  }
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  return whole < 3600
    ? Math.floor(whole / 60) + ":" + two(whole % 60) + " min"
    : Math.floor(whole / 3600) + ":" + two(Math.floor(whole / 60) % 60) + " h";
}

const moment = (iso) => (iso ? iso.slice(0, 10) + " " + iso.slice(11, 16) + " UTC" : "–");

// An end of a 95 % confidence interval: below the value with -1, above with 1.
const end = (value, stderr, side) => (known(value) && known(stderr) ? value + side * 1.959964 * stderr : null);

// A token with what cannot be seen made visible.
function visible(token) {
  return token
    .replace(/ /g, "␣")
    .replace(/\n/g, "⏎")
    .replace(/\t/g, "⇥")
    .replace(/[\u0000-\u001f\u007f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
      (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

const domainName = (name) => (name === "*" ? "all domains" : name || "–");

const taskName = (row) => row.task + (row.filter && row.filter !== "none" ? " (" + row.filter + ")" : "");

// Columns a text takes in a fixed-width font: two for Chinese, Japanese, Korean and pictures.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

const columns = (text) => [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);

// The beginning of a text that has room in so many columns.
function beginning(text, room) {
  let taken = 0;
  return [...text].filter((character) => {
    taken += WIDE.test(character) ? 2 : 1;
    return taken <= room;
  }).join("");
}

const cut = (text, room) => (columns(text) <= room ? text : beginning(text, room - 1) + "…");

// A label on one line or two: broken behind a separator where there is one, cut where it is longer.
function twoLines(text, room) {
  if (columns(text) <= room) {
    return text;
  }
  const first = beginning(text, room);
  const ends = [" ", "·", "_-:/."].map((separators) => Math.max(...[...separators].map((separator) => first.lastIndexOf(separator))));
  const end = ends.find((place) => place > room / 3);
  const line = end === undefined ? first : first.slice(0, end + 1);
  return line.trimEnd() + "\n" + cut(text.slice(line.length).trimStart(), room);
}
