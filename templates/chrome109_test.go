package templates_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Offices run Chrome 109, the last one for Windows 7 and 8.1. These are features
// that later versions brought (versions: MDN browser-compat-data, chromestatus.com),
// with an example of each, by which the expression is tested too.
//
// What degrades by itself is no less forbidden: whoever looks at a page in a new
// browser must see what offices see.
var newerThan109 = []struct {
	what    string
	since   int
	where   string // css, js, html
	pattern string
	example string
}{
	// Stylesheets.
	{"nested rules", 112, "css", `(?m)(^|[{;}])\s*&`, `.a { &:hover { color:red } }`},
	{"color-mix()", 111, "css", `color-mix\(`, `color:color-mix(in srgb, red, blue)`},
	{"lab(), lch(), oklab(), oklch(), color()", 111, "css", `[\s:,(](ok)?(lab|lch)\(|[\s:,(]color\(`, `color:oklch(50% .1 20)`},
	{"relative colours", 119, "css", `\(from\s`, `color:rgb(from red r g b)`},
	{"light-dark()", 123, "css", `light-dark\(`, `color:light-dark(#000, #fff)`},
	{"contrast-color()", 147, "css", `contrast-color\(`, `color:contrast-color(red)`},
	{"subgrid", 117, "css", `\bsubgrid\b`, `grid-template-columns:subgrid`},
	{"masonry and grid-lanes", 140, "css", `\b(masonry|grid-lanes)\b`, `display:grid-lanes`},
	{"@scope", 118, "css", `@scope\b`, `@scope (.a) {}`},
	{"@starting-style", 117, "css", `@starting-style`, `@starting-style { .a {} }`},
	{"discrete transitions", 117, "css", `allow-discrete|transition-behavior|[\s;{]overlay:`, `transition-behavior:allow-discrete`},
	{"style queries", 111, "css", `@container[^{]*style\(`, `@container style(--a:1) {}`},
	{"scroll-state queries", 133, "css", `scroll-state\(`, `@container scroll-state(stuck:top) {}`},
	{"text-wrap", 114, "css", `text-wrap`, `text-wrap:balance`},
	{"white-space-collapse", 114, "css", `white-space-collapse`, `white-space-collapse:preserve`},
	{"text-box", 133, "css", `text-box`, `text-box:trim-both cap alphabetic`},
	{"text-spacing-trim", 123, "css", `text-spacing-trim|text-autospace`, `text-spacing-trim:normal`},
	{"font-size-adjust", 127, "css", `font-size-adjust`, `font-size-adjust:.5`},
	{"linear() easing", 113, "css", `[\s:,]linear\(`, `transition:all 1s linear(0, 1)`},
	{"scroll-driven animations", 115, "css", `animation-timeline|animation-range|(scroll|view)-timeline`, `animation-timeline:scroll()`},
	{"view transitions", 111, "css", `view-transition`, `view-transition-name:a`},
	{"anchor positioning", 125, "css", `anchor-name|position-anchor|position-try|position-area|[\s:,(]anchor(-size)?\(`, `top:anchor(bottom)`},
	{"field-sizing", 123, "css", `field-sizing`, `field-sizing:content`},
	{"calc-size() and interpolate-size", 129, "css", `calc-size\(|interpolate-size`, `height:calc-size(auto, size)`},
	{"trigonometry", 111, "css", `[\s:,(*/+-](sin|cos|tan|asin|acos|atan2?)\(`, `width:calc(sin(30deg) * 1px)`},
	{"round(), mod(), rem()", 125, "css", `[\s:,(](round|mod|rem)\(`, `width:round(1.2px, 1px)`},
	{"pow(), sqrt(), hypot(), log(), exp()", 120, "css", `[\s:,(](pow|sqrt|hypot|log|exp)\(`, `width:calc(pow(2, 3) * 1px)`},
	{"abs(), sign()", 138, "css", `[\s:,(](abs|sign)\(`, `width:abs(-1px)`},
	{"if()", 137, "css", `[\s:,(]if\(`, `color:if(style(--a:1): red; else: blue)`},
	{":user-valid and :user-invalid", 119, "css", `:user-(in)?valid`, `input:user-invalid {}`},
	{":dir()", 120, "css", `:dir\(`, `p:dir(rtl) {}`},
	{":nth-child(of)", 111, "css", `:nth-(last-)?child\([^)]*\sof\s`, `li:nth-child(1 of .a) {}`},
	{":popover-open", 114, "css", `:popover-open`, `div:popover-open {}`},
	{":open", 133, "css", `:open\b`, `details:open {}`},
	{":state()", 125, "css", `:state\(`, `a-b:state(c) {}`},
	{"::details-content", 131, "css", `::details-content`, `details::details-content {}`},
	{"stylable select", 135, "css", `::picker|base-select|::checkmark`, `select { appearance:base-select }`},
	{"scroll markers and buttons", 135, "css", `::scroll-(marker|button)`, `ul::scroll-marker-group {}`},
	{"mask without prefix", 120, "css", `(^|[\s;{])mask(-image|-size|-position|-repeat|-composite)?:`, `mask-image:url(a.svg)`},
	{"image-set() without prefix", 113, "css", `[\s:,]image-set\(`, `background:image-set("a.png" 1x)`},
	{"scrollbar-color and scrollbar-width", 121, "css", `scrollbar-(color|width)`, `scrollbar-width:thin`},
	{"prefers-reduced-transparency", 118, "css", `prefers-reduced-transparency`, `@media (prefers-reduced-transparency) {}`},
	{"@media (scripting)", 120, "css", `\(\s*scripting`, `@media (scripting: none) {}`},
	{"@media (update)", 113, "css", `\(\s*(update|overflow-block|overflow-inline)\b`, `@media (update: slow) {}`},
	{"stretch as a size", 138, "css", `(width|height|size):\s*stretch`, `width:stretch`},
	{"shape() and corner-shape", 135, "css", `[\s:,]shape\(|corner-shape`, `clip-path:shape(from 0 0)`},

	// Scripts.
	{"arrays changed by copy", 110, "js", `\.(toSorted|toReversed|toSpliced)\(`, `[].toSorted()`},
	{"Array.fromAsync", 121, "js", `\bfromAsync\(`, `Array.fromAsync(a)`},
	{"grouping", 117, "js", `\b(Object|Map)\.groupBy\(`, `Object.groupBy(a, b)`},
	{"Promise.withResolvers", 119, "js", `\.withResolvers\(`, `Promise.withResolvers()`},
	{"Promise.try", 128, "js", `Promise\.try\(`, `Promise.try(f)`},
	{"set operations", 122, "js", `\.(symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom|union|intersection)\(`, `new Set().union(b)`},
	{"iterator helpers", 122, "js", `\bIterator\.(from|prototype)|\.(keys|values|entries)\(\)\.(map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(`, `map.values().map(f)`},
	{"well-formed strings", 111, "js", `\.(isWellFormed|toWellFormed)\(`, `"".isWellFormed()`},
	{"URL.canParse and URL.parse", 120, "js", `URL\.(canParse|parse)\(`, `URL.canParse("a")`},
	{"AbortSignal.any", 116, "js", `AbortSignal\.any\(`, `AbortSignal.any([a])`},
	{"view transitions", 111, "js", `startViewTransition`, `document.startViewTransition(f)`},
	{"popovers", 114, "js", `\b(showPopover|hidePopover|togglePopover)\b`, `e.showPopover()`},
	{"dialog.requestClose", 134, "js", `\.requestClose\(`, `d.requestClose()`},
	{"CloseWatcher", 126, "js", `\bCloseWatcher\b`, `new CloseWatcher()`},
	{"scrollend", 114, "js", `scrollend`, `addEventListener("scrollend", f)`},
	{"unsafe HTML setters", 124, "js", `setHTML(Unsafe)?\(|parseHTMLUnsafe|\.getHTML\(`, `e.setHTMLUnsafe(a)`},
	{"moveBefore", 133, "js", `\.moveBefore\(`, `e.moveBefore(a, b)`},
	{"EditContext", 121, "js", `new EditContext`, `new EditContext()`},
	{"caretPositionFromPoint", 128, "js", `caretPositionFromPoint`, `document.caretPositionFromPoint(1, 2)`},
	{"getComposedRanges", 137, "js", `getComposedRanges`, `s.getComposedRanges()`},
	{"scheduler.yield", 129, "js", `scheduler\.yield`, `scheduler.yield()`},
	{"DurationFormat", 129, "js", `DurationFormat`, `new Intl.DurationFormat()`},
	{"RegExp.escape", 136, "js", `RegExp\.escape\(`, `RegExp.escape("a")`},
	{"base64 of arrays", 140, "js", `\.(toBase64|fromBase64|toHex|fromHex)\(`, `bytes.toBase64()`},
	{"ArrayBuffer.transfer", 114, "js", `\.transferToFixedLength\(`, `b.transferToFixedLength()`},
	{"Temporal", 144, "js", `\bTemporal\.`, `Temporal.Now.instant()`},
	{"import attributes", 123, "js", `\bfrom\s*"[^"]*"\s*with\s*\{`, `import a from "b" with { type: "json" }`},
	{"using", 134, "js", `(?m)(^|[{;])\s*(await )?using \w+ =`, `using a = b();`},

	// Pages.
	{"popover", 114, "html", `\spopover(=|\s|>)|popovertarget`, `<div popover>`},
	{"invoker commands", 135, "html", `\scommandfor=`, `<button commandfor="a">`},
	{"closedby", 134, "html", `\sclosedby=`, `<dialog closedby="any">`},
	{"details that close each other", 120, "html", `<details[^>]*\sname=`, `<details name="a">`},
	{"<search>", 118, "html", `<search[\s>]`, `<search>`},
	{"<selectedcontent>", 135, "html", `<selectedcontent`, `<selectedcontent>`},
	{"declarative shadow roots", 111, "html", `shadowrootmode`, `<template shadowrootmode="open">`},
	{"writingsuggestions", 124, "html", `writingsuggestions`, `<input writingsuggestions="false">`},
}

// asked are files that ask first whether the browser knows a feature, and do
// without it where it does not.
var asked = map[string]string{
	"static/js/editor.js caretPositionFromPoint":                  "ProseMirror falls back to caretRangeFromPoint",
	"static/js/editor.js getComposedRanges":                       "ProseMirror asks for it in shadow roots of Safari alone",
	"static/css/controls.css scrollbar-color and scrollbar-width": "beside ::-webkit-scrollbar",
	"static/css/parts.css scrollbar-color and scrollbar-width":    "beside ::-webkit-scrollbar",
	"static/js/editor.js EditContext":                             "ProseMirror turns it off where it exists",
}

func TestNothingIsNewerThanChrome109(t *testing.T) {
	expressions := make([]*regexp.Regexp, len(newerThan109))
	for i, feature := range newerThan109 {
		expressions[i] = regexp.MustCompile(feature.pattern)
		if !expressions[i].MatchString(feature.example) {
			t.Errorf("%s: its own example is not found by %s", feature.what, feature.pattern)
		}
		if feature.since <= 109 {
			t.Errorf("%s is said to be of version %d", feature.what, feature.since)
		}
	}
	comments := regexp.MustCompile(`(?s)/\*.*?\*/`)
	kinds := map[string]string{".css": "css", ".js": "js", ".html": "html"}
	seen := map[string]int{}
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (path == "assets" || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		kind := kinds[filepath.Ext(path)]
		if kind == "" || entry.IsDir() {
			return nil
		}
		seen[kind]++
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := string(content)
		if kind == "css" {
			text = comments.ReplaceAllString(text, "")
		}
		for i, feature := range newerThan109 {
			at := expressions[i].FindStringIndex(text)
			if feature.where != kind || at == nil || asked[path+" "+feature.what] != "" {
				continue
			}
			line := 1 + strings.Count(text[:at[0]], "\n")
			t.Errorf("%s:%d: %s came with Chrome %d: %.120s", path, line, feature.what, feature.since, text[at[0]:min(len(text), at[1]+60)])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		if seen[kind] == 0 {
			t.Errorf("no %s was looked at", kind)
		}
	}
}
