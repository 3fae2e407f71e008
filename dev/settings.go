package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// settings are what a person may set in the environment. They stand in
// docs/configuration.md.
type settings struct {
	data       string // folder of everything that is kept
	dataChosen bool   // by the person, so it is not moved elsewhere

	// People come to the proxy at webPort, which passes on to the server at serverPort.
	webPort, serverPort, adminPort, workerPort, temporalPort, uiPort, watchPort int
	retentionDays                                                               int
}

func readSettings(root string, getenv func(string) string) (settings, error) {
	var problems []error
	number := func(name string, fallback, most int) int {
		value := getenv(name)
		if value == "" {
			return fallback
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > most {
			problems = append(problems, fmt.Errorf("%s: %q is not a whole number from 1 to %d", name, value, most))
		}
		return n
	}
	s := settings{data: filepath.Join(root, ".data")}
	if chosen := getenv("CCHC_DATA"); chosen != "" {
		absolute, err := filepath.Abs(chosen)
		if err != nil {
			problems = append(problems, fmt.Errorf("CCHC_DATA: %w", err))
		}
		s.data, s.dataChosen = absolute, true
	}
	s.webPort = number("CCHC_PORT", 8080, 65535)
	s.adminPort = number("CCHC_ADMIN_PORT", 8081, 65535)
	s.workerPort = number("CCHC_WORKER_ADMIN_PORT", s.adminPort+1, 65535)
	s.temporalPort = number("CCHC_TEMPORAL_PORT", 7233, 65535)
	s.uiPort = number("CCHC_TEMPORAL_UI_PORT", 8233, 65535)
	s.serverPort = number("CCHC_SERVER_PORT", s.webPort+8, 65535)
	s.watchPort = number("CCHC_WATCH_PORT", s.webPort+7, 65535)
	s.retentionDays = number("CCHC_RETENTION_DAYS", 90, 3650)
	return s, errors.Join(append(problems, s.distinctPorts())...)
}

// port is a port with the variable that moves it.
type port struct {
	number   int
	variable string
}

func (s settings) ports() []port {
	return []port{
		{s.webPort, "CCHC_PORT"}, {s.adminPort, "CCHC_ADMIN_PORT"}, {s.workerPort, "CCHC_WORKER_ADMIN_PORT"},
		{s.temporalPort, "CCHC_TEMPORAL_PORT"}, {s.uiPort, "CCHC_TEMPORAL_UI_PORT"},
		{s.watchPort, "CCHC_WATCH_PORT"}, {s.serverPort, "CCHC_SERVER_PORT"},
	}
}

func (s settings) distinctPorts() error {
	taken := map[int]string{}
	for _, p := range s.ports() {
		if other, there := taken[p.number]; there {
			return fmt.Errorf("%s and %s are both %d", other, p.variable, p.number)
		}
		taken[p.number] = p.variable
	}
	return nil
}

// freePorts returns when every port is free. The programs of a launcher that
// was just killed need a moment to end, so a busy port is given some seconds.
func (s settings) freePorts(patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for {
		var problems []error
		for _, p := range s.ports() {
			problems = append(problems, p.free())
		}
		err := errors.Join(problems...)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (p port) free() error {
	listener, err := net.Listen("tcp", p.address())
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is in use by another program: set %s to another one", p.number, p.variable)
	}
	if err != nil {
		return fmt.Errorf("port %d (%s): %w", p.number, p.variable, err)
	}
	return listener.Close()
}

func (p port) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p.number)) }

// elsewhere is the data folder of root's checkout in a private place, which
// PostgreSQL's own user cannot enter.
func elsewhere(root string) string {
	sum := sha256.Sum256([]byte(root))
	return "/var/lib/cchc-" + hex.EncodeToString(sum[:4])
}

// running is the data folder of the launcher that runs over this checkout.
func (s settings) running(root string) (string, error) {
	folders := []string{s.data}
	if !s.dataChosen {
		folders = append(folders, elsewhere(root))
	}
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, lockFile)); err != nil {
			continue
		}
		lock, err := claim(folder)
		if err != nil {
			return folder, nil // somebody holds it
		}
		_ = lock.Close()
	}
	return "", errors.New("the system does not run: start it with make run")
}

const lockFile = "launcher.lock"

// claim makes the data folder and keeps a second launcher out of it. The lock
// is freed when the file is closed or the process dies, however it dies.
func claim(data string) (*os.File, error) {
	// Others may pass through, to folders of their own, and not look around.
	if err := os.MkdirAll(data, 0o711); err != nil {
		return nil, fmt.Errorf("make the data folder (CCHC_DATA): %w", err)
	}
	file, err := os.OpenFile(filepath.Join(data, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder (CCHC_DATA): %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("the system already runs with the data in %s: stop it, or set CCHC_DATA to another folder", data)
	}
	return file, nil
}
