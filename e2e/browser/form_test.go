package browser

import "github.com/chromedp/chromedp"

// Steps on forms that several journeys share.

// clickPrimary is a click on the page's one primary button.
func (b *tab) clickPrimary() chromedp.Action[chromedp.Void] {
	b.t.Helper()
	at := b.find(bySelector, "main .button-primary")
	return chromedp.MouseClickXY(at.X, at.Y)
}

// fillGrid puts zero into every empty cell of the figures, as typing would.
func (b *tab) fillGrid() {
	b.t.Helper()
	const fill = `() => {
		const cells = [...document.querySelectorAll("main input.cell")];
		for (const cell of cells) {
			if (cell.value !== "") continue;
			cell.value = "0";
			cell.dispatchEvent(new Event("input", { bubbles: true }));
		}
		return cells.length;
	}`
	if ask[int](b, fill) == 0 {
		b.t.Fatalf("no cells to fill on %s:\n%s", b.address(), b.words())
	}
}

// saidAt is what stands beside the cell of a figure.
func (b *tab) saidAt(code string) string {
	b.t.Helper()
	const read = `(code) => document.querySelector('[name="figure.' + code + '"]').closest("tr").querySelector(".said").innerText`
	return ask[string](b, read, code)
}

// back goes one page back, as the browser's button does.
func back(b *tab) {
	b.t.Helper()
	step(b, "go back", chromedp.NavigateBack())
}
