// Colours of the charts. Series: Okabe and Ito's set, which people with any colour vision can tell apart (lighter or
// darker where the ground needs it). Diverging: blue, ground, orange. Meaning never hangs on colour alone.

const LIGHT = {
  ground: "#ffffff", text: "#18202b", muted: "#545f6e", line: "#d9dee5", grid: "#e9edf1", accent: "#0a5bb8",
  series: ["#0072b2", "#d55e00", "#008f68", "#b4578c", "#a87800", "#3a8fc4", "#6b6b6b", "#7a4fb5"],
  good: "#11692c", bad: "#a51d14", warn: "#9a6400",
  diverging: ["#0b4a8f", "#3f86c6", "#a6cbe8", "#f6f4ef", "#f9c38c", "#e07b26", "#96400a"],
  sequential: ["#f3f6fa", "#b9d3ea", "#6fa6d4", "#2f74b3", "#0b3f78"],
  none: "#e3e6ea",
};

const DARK = {
  ground: "#161c24", text: "#e6ebf1", muted: "#a0adbb", line: "#2c3641", grid: "#242d37", accent: "#7fbaff",
  series: ["#56b4e9", "#f08a3c", "#2fc79a", "#e08fbd", "#e6b93a", "#9fc5ff", "#b8b8b8", "#b79aec"],
  good: "#6fd48a", bad: "#ff938a", warn: "#ecc06a",
  diverging: ["#9cd0ff", "#4f9be0", "#255a91", "#222a33", "#8a4f17", "#e58a35", "#ffd3a1"],
  sequential: ["#1b232c", "#1f4468", "#2f74b3", "#6fb0e6", "#d3eaff"],
  none: "#2a323c",
};

const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];

const darkness = window.matchMedia("(prefers-color-scheme: dark)");

let printing = false;

const theme = () => (darkness.matches && !printing ? DARK : LIGHT);

const narrow = () => window.innerWidth < 640;
