package prose

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Fingerprint names a block by its words alone: the SHA-256 of them, in hex. A
// change of look, of an item's number or of space leaves it as it is.
func (b Block) Fingerprint() string {
	var all strings.Builder
	for _, row := range b.Rows {
		for _, cell := range row {
			all.WriteString(strings.Join(strings.Fields(plain(cell)), " ") + "\t")
		}
		all.WriteString("\n")
	}
	all.WriteString(strings.Join(strings.Fields(plain(b.Runs)), " "))
	sum := sha256.Sum256([]byte(all.String()))
	return hex.EncodeToString(sum[:])
}
