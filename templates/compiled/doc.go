// Package compiled shows pages of html/template several times as fast as it does
// itself, from the same files and with the same bytes as result.
//
// html/template still reads every page and decides what has to be escaped where.
// What is new is only how the escaped page is walked: html/template looks up each
// field by its name and calls each function and each escaper by reflection, anew
// for every cell of every row, which took half of the server's time. Here the
// types of a page are known from its struct, so fields are found once, when the
// page is first shown.
//
// Nothing about escaping is decided here. A text without signs that need care is
// written as it is; the five signs of HTML are written as html/template writes
// them; everything else (an address out of the ordinary, a value that is no plain
// text) is given to html/template itself (escape.go). A page that uses something
// not known here is refused by Compile, and its caller goes on with html/template.
//
// It knows nothing of the product: no word, no struct of a page.
package compiled
