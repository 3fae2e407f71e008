// Package logs keeps the output of the local programs in files that do not
// grow without end.
package logs

import (
	"fmt"
	"os"
	"strings"
)

// longest is the size at which the next start begins a new file.
const longest = 20 << 20

// Open opens the file to append; a long one is set aside as path.old first.
func Open(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > longest {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, fmt.Errorf("set the log aside: %w", err)
		}
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return log, nil
}

// Tail is the last n lines, for the words about a program that has died.
func Tail(path string, n int) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
