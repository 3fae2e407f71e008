// Package pdf reads PDF files strictly and appends increments to them.
//
// It is written for verification, so it knows no repair mode: a file that two
// readers could understand differently is refused instead of guessed at. Only
// classic cross-reference tables are understood (what the paper layer writes
// and what a later increment to such a file has to use); cross-reference
// streams, hybrid files, encryption and linearised files are refused. Nothing
// is ever decompressed.
//
// What lives here: objects, the walk over the revisions of a file, the page
// tree and the increment writer. What must not: signatures, certificates,
// policies, anything about documents of the application.
package pdf
