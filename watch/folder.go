package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"cchc/domain/outage"
)

// folder is where everything is kept. A file in it is always whole: it is written
// under another name, brought to the disk and then renamed. The running program and a
// command beside it may both change an outage: they take turns by a lock.
type folder string

// errDisk is wrapped by every failure to keep something.
var errDisk = errors.New("cannot keep")

const (
	looksFile   = "looks.log"
	factsFile   = "facts.json"
	factsBefore = "facts-before.json"
	keyFile     = "key"
	lockFile    = "lock"
	runFile     = "running"
	outagesDir  = "outages"
	keyBytes    = 32
)

func (f folder) in(names ...string) string {
	return filepath.Join(append([]string{string(f)}, names...)...)
}

// prepare makes the folder. Nobody else may read it: it holds the key of the links.
func (f folder) prepare() error { return os.MkdirAll(f.in(outagesDir), 0o700) }

// key is the secret that signs links; it is made when there is none.
func (f folder) key() ([]byte, error) {
	key, err := os.ReadFile(f.in(keyFile))
	if err == nil && len(key) == keyBytes {
		return key, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	key = make([]byte, keyBytes)
	_, _ = rand.Read(key) // it never fails
	return key, write(f.in(keyFile), key, 0o600)
}

// facts are those last kept, or the ones before where they cannot be read: torn says why.
// Without any, the usual rule and nothing else.
func (f folder) facts() (facts outage.Facts, torn error) {
	for _, name := range []string{factsFile, factsBefore} {
		facts, err := readFacts(f.in(name))
		switch {
		case err == nil:
			return facts, torn
		case !errors.Is(err, fs.ErrNotExist):
			torn = errors.Join(torn, fmt.Errorf("%w the facts: %w", errDisk, err))
		}
	}
	return outage.Facts{Rule: outage.DefaultRule()}, torn
}

func readFacts(path string) (outage.Facts, error) {
	facts := outage.Facts{Rule: outage.DefaultRule()}
	if err := read(path, &facts); err != nil {
		return facts, err
	}
	if broken := facts.Rule.Validate(); len(broken) > 0 {
		return facts, fmt.Errorf("read %s: their rule: %w", path, broken)
	}
	return facts, nil
}

// keepFacts keeps them beside those of before, if these can be read: whatever becomes of
// one file, there is the other.
func (f folder) keepFacts(facts outage.Facts) error {
	if before, err := readFacts(f.in(factsFile)); err == nil {
		if err := keep(f.in(factsBefore), before); err != nil {
			return err
		}
	}
	return keep(f.in(factsFile), facts)
}

// outages are the ids of all outages on record, in their order.
func (f folder) outages() ([]string, error) {
	entries, err := os.ReadDir(f.in(outagesDir))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, entry := range entries {
		if id, found := strings.CutSuffix(entry.Name(), ".json"); found {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids) // by their beginning
	return ids, nil
}

// outage reads one. A record that is there and cannot be read is as bad as one that
// cannot be kept: nothing goes on with it.
func (f folder) outage(id string) (record, error) {
	var r record
	err := read(f.in(outagesDir, id+".json"), &r)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w the outage up to date: %w", errDisk, err)
	}
	return r, err
}

// add puts a new outage on record. It never takes the place of one that is there, which
// knows who has been mailed.
func (f folder) add(r record) error {
	path := f.in(outagesDir, r.ID+".json")
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%w %s: it is on record already", errDisk, path)
	}
	return keep(path, r)
}

// change changes an outage as it stands on the disk and gives it back. An error of do
// keeps everything as it was.
func (f folder) change(id string, do func(*record) error) (record, error) {
	unlock, err := f.lock(lockFile, syscall.LOCK_EX)
	if err != nil {
		return record{}, err
	}
	defer unlock()
	r, err := f.outage(id)
	if err != nil {
		return r, err
	}
	if err := do(&r); err != nil {
		return r, err
	}
	return r, keep(f.in(outagesDir, id+".json"), r)
}

// lock takes one of the folder's locks; a process that dies frees it.
func (f folder) lock(name string, how int) (unlock func(), err error) {
	file, err := os.OpenFile(f.in(name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDisk, err)
	}
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		_ = file.Close()
		return nil, err
	}
	return func() { _ = file.Close() }, nil
}

func read(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

func keep(path string, value any) error {
	content, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return fmt.Errorf("keep %s: %w", path, err)
	}
	return write(path, append(content, '\n'), 0o600)
}

// write puts a whole file onto the disk.
func write(path string, content []byte, mode os.FileMode) error {
	err := replace(path, content, mode, (*os.File).Sync)
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("%w %s: %w", errDisk, path, err)
	}
	return nil
}

// show writes a public file. It need not be on the disk: what a power cut takes is
// written again.
func show(path string, content []byte) error {
	err := replace(path, content, publicMode, func(*os.File) error { return nil })
	if err != nil {
		return fmt.Errorf("%w %s: %w", errDisk, path, err)
	}
	return nil
}

func replace(path string, content []byte, mode os.FileMode, settle func(*os.File) error) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }() // gone already where all went well
	_, err = draft.Write(content)
	if err = errors.Join(err, draft.Chmod(mode), keepOwner(draft, path), settle(draft), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), path)
}

// keepOwner gives a file to whom the one before belongs: what a command writes as root
// the running program could read no more.
func keepOwner(draft *os.File, path string) error {
	info, err := os.Stat(path)
	if os.Geteuid() != 0 || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	before, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return nil
	}
	return draft.Chown(int(before.Uid), int(before.Gid))
}

// syncFolder brings a rename to the disk.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// same tells whether a file holds just this.
func same(path string, content []byte) bool {
	there, err := os.ReadFile(path)
	return err == nil && bytes.Equal(there, content)
}
