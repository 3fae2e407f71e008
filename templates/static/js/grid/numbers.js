// Figures as people in Vietnam type them, exactly: ten-thousandths in a BigInt.
// The server's rule (domain/form) is the one that counts; this is the same rule
// for what is shown while typing, and a test holds them together.
const UNIT = 10000n;
const PLACES = 4;
const DIGITS = 11;
const MOST = 2n ** 63n - 1n;

// parse reads a typed figure: null when blank, undefined when it is none.
export function parse(text) {
  const typed = text.trim();
  if (typed === "") return null;
  const unsigned = typed.replace(/^-?\u2212?/, "");
  const canonical = canonicalOf(withoutSpaces(unsigned));
  if (canonical === undefined) return undefined;
  const [whole, fraction = ""] = canonical.split(".");
  const decimals = fraction.replace(/0+$/, "");
  if (decimals.length > PLACES || whole.replace(/^0+/, "").length > DIGITS) return undefined;
  const units = BigInt(whole + decimals.padEnd(PLACES, "0"));
  return unsigned !== typed && units !== 0n ? undefined : units;
}

// Thousands may stand apart by single spaces of any width.
function withoutSpaces(text) {
  const apart = /^[1-9]\d{0,2}(?:\s\d{3})+(?=[.,]|$)/.exec(text);
  return apart ? apart[0].replace(/\s/g, "") + text.slice(apart[0].length) : text;
}

function canonicalOf(text) {
  if (/^\d+(,\d+)?$/.test(text) || /^[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/.test(text)) return text.replaceAll(".", "").replace(",", ".");
  // A plain decimal point: no thousands end after one, two or four digits.
  const plain = /^\d+\.(\d+)$/.exec(text);
  return plain && plain[1].length !== 3 ? text : undefined;
}

// format writes ten-thousandths in vi-VN: "1.234,5".
export function format(units) {
  const size = units < 0n ? -units : units;
  const whole = String(size / UNIT).replace(/\B(?=(\d{3})+$)/g, ".");
  const fraction = String(size % UNIT).padStart(PLACES, "0").replace(/0+$/, "");
  return (units < 0n ? "\u2212" : "") + whole + (fraction && `,${fraction}`);
}

// percent is 100 * above / below to hundredths, half away from zero; null where
// it cannot be reckoned.
export function percent(above, below) {
  if (below === 0n) return null;
  const size = (n) => (n < 0n ? -n : n);
  let quotient = (above * 10000n) / below;
  const rest = (above * 10000n) % below;
  if (size(rest) * 2n >= size(below)) quotient += (above < 0n) === (below < 0n) ? 1n : -1n;
  const units = quotient * 100n;
  return size(units) > MOST ? null : units;
}
