package migrations

// ApplyFiles is Apply with other files than the product's.
var ApplyFiles = apply
