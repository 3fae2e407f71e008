// Percentages while typing: from the figures that stand in the grid, by the
// terms in data-above and data-below. A term that is not on the page leaves the
// percentage to the server, whose answer after each save overrules this one.
import { format, parse, percent } from "./numbers.js";

export function bindRatios(form, table) {
  const outputs = [...table.querySelectorAll("output[data-above]")].map((output) => ({
    value: output.querySelector("[data-value]"), above: terms(output.dataset.above), below: terms(output.dataset.below),
  }));
  const sum = (side) => {
    let total = 0n;
    for (const { code, sign } of side) {
      const cell = form.elements.namedItem(`figure.${code}`);
      if (!cell) return undefined;
      const units = parse(cell.value);
      if (units === null || units === undefined) return null;
      total += sign * units;
    }
    return total;
  };
  return () => {
    for (const { value, above, below } of outputs) {
      const [top, bottom] = [sum(above), sum(below)];
      if (top === undefined || bottom === undefined) continue;
      const share = top === null || bottom === null ? null : percent(top, bottom);
      value.textContent = share === null ? "—" : format(share);
    }
  };
}

// terms reads "3.19+3.20" or "4.3.1-4.2".
function terms(text) {
  return [...text.matchAll(/([+-]?)([\d.]+)/g)].map(([, sign, code]) => ({ code, sign: sign === "-" ? -1n : 1n }));
}
