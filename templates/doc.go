// Package templates turns typed view models into the pages a person reads. All
// Vietnamese of the product lives at or below this folder; labels and sentences
// that other rooms need too are in templates/words.
//
// # How a page is made
//
// A page is three things with one name: a struct here (one file per subject,
// named as in the other layers), a file under pages/, and a line in the table
// of pages in register.go. The struct embeds Shell, which the layout needs;
// "bare" pages (signed out) embed it too, with User nil.
//
//	page, err := templates.New()
//	err = page.Render(&buffer, "document/show", templates.DocumentPage{Shell: shell, ...})
//
// Render into a buffer first: an error must not leave half a page behind. It
// refuses a view that is not the page's own struct.
//
// Pages are read and escaped by html/template and shown by package compiled,
// which knows the types beforehand; a test says what a page uses that it does not
// know, and until then html/template shows that page.
//
// A page file defines "main", and may define "head" (extra elements of <head>)
// and "bar" (the action bar; the page then keeps the tab bar off on phones).
// Parts that pages share are in pages/parts and take the structs of parts.go.
//
// # Rules of the markup
//
//   - No inline style, script or event handler: the content security policy
//     forbids them. Lengths of bars are SVG attributes, states are classes.
//   - Everything works without scripts. static/js only adds comfort, bound by
//     data- attributes.
//   - Every POST form carries the hidden field "key" ({{template "key" .Key}}):
//     the idempotency key that makes a double click one decision. Forms whose
//     repetition is harmless (sign-in, sign-out, theme) do without, and so do
//     drafts, which are guarded by the version they were written on.
//   - A decision about content also carries "revision" and "content_hash", what
//     was on the screen.
//   - One primary button per page, verb and object.
//   - Fields are made by {{template "input" (input "name" "reason" ...)}}, so
//     that label, hint, error and ids always belong together. The id of a field
//     is its name with dots as dashes; the error summary links to it.
//   - Components use the tokens of static/css/tokens.css, never a raw colour.
//
// Routes are written in the pages as the web lays them out: /documents/{id}/...,
// /campaigns/..., /tasks, /notices, /decisions/{key}.
//
// Neither Bootstrap nor htmx is carried along: the stylesheet for what these
// pages need is a tenth of Bootstrap's, and the few scripts are smaller than
// htmx alone and bound to plain forms.
//
// # Pages that show the news by themselves
//
// Every page of somebody signed in watches "tasks" (anything within their scope)
// through Shell.Live; pages about one thing add it: Live.Also("document:<id>"),
// Live.Also("campaign:<code>"). When the server tells of a change, live.js fetches
// the same address again and exchanges what is marked:
//
//   - data-live="name" on an element: a region that may be exchanged as a whole.
//     Names are unique on a page; the element is always there, whatever is in it.
//     Regions hold what is read: no field in which a person may be typing, no
//     form whose hash or revision belongs to what was on the screen, and no table
//     that a script is bound to. Within a region open folds, focus and sideways
//     scroll are kept. With data-live-stamp beside it the region is the instant of
//     the numbers, which is exchanged along with them and is no news alone.
//   - {{template "moved-on" .Document}} at the top of a page where somebody writes
//     or decides: nothing is exchanged, but a note says that the document has gone
//     on. A page has this or regions of its document, not both.
//
// The counts of the header are regions already.
// A page that only lists or counts needs no more than its regions: "tasks" is
// told of everything within the reader's scope.
//
// # Help
//
// Every page of the register belongs to a topic of help.go, whose text is
// help/<slug>.html: what the screen is for, what to do there, what its words
// mean, what if something happens. The question mark of the header leads there.
//
// Nothing here reads a clock, a database or a request.
package templates
