package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"cchc/domain/outage"
)

// quietFor is how long looks of one result are left out of the log: what is reckoned
// from it follows from where the result changed, and the rest shows that somebody
// looked.
const quietFor = 10 * time.Minute

// looks is the log of what was seen. In memory stand only the looks at which the
// result changed, the first and the last.
type looks struct {
	path string

	mutex  sync.Mutex
	turns  []outage.Look
	last   outage.Look // zero: nobody has looked
	logged time.Time   // of the last one in the file
	unkept []outage.Look
}

// openLooks reads the log. What a power cut has left of a line is passed over.
func openLooks(path string) (*looks, error) {
	l := &looks{path: path}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewReader(file) // a power cut may leave a line of any length
	for {
		line, err := lines.ReadString('\n')
		if look, ok := readLook(strings.TrimSuffix(line, "\n")); ok {
			l.remember(look)
			l.logged = look.At
		}
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// readLook reads "2026-10-05T03:00:00Z up".
func readLook(line string) (outage.Look, bool) {
	instant, result, _ := strings.Cut(line, " ")
	at, err := time.Parse(time.RFC3339, instant)
	return outage.Look{At: at, Up: result == "up"}, err == nil && (result == "up" || result == "down")
}

func writeLook(look outage.Look) string {
	result := "down"
	if look.Up {
		result = "up"
	}
	return fmt.Sprintf("%s %s\n", look.At.UTC().Format(time.RFC3339), result)
}

func (l *looks) remember(look outage.Look) (turned bool) {
	turned = l.last.At.IsZero() || l.last.Up != look.Up
	if turned {
		l.turns = append(l.turns, look)
	}
	l.last = look
	return turned
}

// add takes a look into the log. One that cannot be written is kept in memory and
// written with the next; the error says why.
func (l *looks) add(look outage.Look) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	look.At = look.At.Truncate(time.Second) // as it will be read again
	if l.remember(look) || look.At.Sub(l.logged) >= quietFor {
		l.unkept = append(l.unkept, look)
	}
	if len(l.unkept) == 0 {
		return nil
	}
	if err := l.append(l.unkept); err != nil {
		return fmt.Errorf("%w the log of looks: %w", errDisk, err)
	}
	l.unkept, l.logged = nil, look.At
	return nil
}

func (l *looks) append(some []outage.Look) error {
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	text := ""
	if torn(file) {
		text = "\n"
	}
	for _, look := range some {
		text += writeLook(look)
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// seen are the looks from which outages follow, and the last one.
func (l *looks) seen() (turns []outage.Look, last outage.Look) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return append([]outage.Look(nil), l.turns...), l.last
}

// torn tells whether a power cut or a full disk has left half a line at the end.
func torn(file *os.File) bool {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	var last [1]byte
	_, err = file.ReadAt(last[:], info.Size()-1)
	return err == nil && last[0] != '\n'
}

// turned is when the result last changed.
func (l *looks) turned() time.Time {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.turns) == 0 {
		return time.Time{}
	}
	return l.turns[len(l.turns)-1].At
}
