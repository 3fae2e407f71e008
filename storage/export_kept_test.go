package storage

// OpenKept is openKept, for its test.
var OpenKept = openKept
