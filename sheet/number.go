package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Number is what a cell with a number holds, in Vietnamese writing, with at most four
// decimals: "82,5". A share that is shown in percent is given in percent. False: the
// cell holds a text, a day or nothing, which Texts tells. Rows and columns are counted
// from 1.
func (b *Book) Number(sheet string, row, column int) (string, bool, error) {
	where := Cell(column, row)
	raw, err := b.file.GetCellValue(sheet, where, excelize.Options{RawCellValue: true})
	if err != nil {
		return "", false, fmt.Errorf("read sheet %q: %w", sheet, err)
	}
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return "", false, nil
	}
	kind, err := b.file.GetCellType(sheet, where)
	if err != nil {
		return "", false, fmt.Errorf("read sheet %q: %w", sheet, err)
	}
	if kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber && kind != excelize.CellTypeFormula {
		return "", false, nil
	}
	style, err := b.file.GetCellStyle(sheet, where)
	if err != nil {
		return "", false, fmt.Errorf("read sheet %q: %w", sheet, err)
	}
	look, err := b.file.GetStyle(style)
	if err != nil {
		return "", false, fmt.Errorf("read sheet %q: %w", sheet, err)
	}
	switch {
	case showsDay(look):
		return "", false, nil
	case showsPercent(look):
		value *= 100
	}
	text := strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(value, 'f', 4, 64), "0"), ".")
	return strings.Replace(text, ".", ",", 1), true, nil
}

// showsPercent tells whether a format multiplies by a hundred.
func showsPercent(look *excelize.Style) bool {
	if look.CustomNumFmt != nil {
		return strings.Contains(quoted.ReplaceAllString(*look.CustomNumFmt, ""), "%")
	}
	return look.NumFmt == 9 || look.NumFmt == 10
}
