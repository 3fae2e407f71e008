package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// offFolder holds a file for each part that a person has switched off.
const offFolder = "off"

var parts = []string{"proxy", "temporal", "worker", "server", "watch"}

// turn switches a part of the running system on or off, from another terminal: to see
// what people see while it is away, and how it goes on afterwards.
func turn(s settings, root, part string, on bool, out *report) error {
	if !slices.Contains(parts, part) {
		return fmt.Errorf("%q is none of %s", part, strings.Join(parts, ", "))
	}
	data, err := s.running(root)
	if err != nil {
		return err
	}
	file := filepath.Join(data, offFolder, part)
	if on {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("switch %s on: %w", part, err)
		}
		out.say("%s is started", part)
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("switch %s off: %w", part, err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return fmt.Errorf("switch %s off: %w", part, err)
	}
	out.say("%s is stopped, until: make start PART=%s", part, part)
	return nil
}
