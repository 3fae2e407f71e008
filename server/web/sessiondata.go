package web

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"maps"
	"slices"
	"time"
)

// sessionCodec writes what a session holds in one order. A map's own order
// differs from call to call; then every session would look changed and be
// written, and waited for, at every request.
type sessionCodec struct{}

// keptSession is a session's row. A row of another shape opens as an empty
// session: its person signs in again.
type keptSession struct {
	Deadline time.Time
	Names    []string
	Items    []any
}

func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	kept := keptSession{Deadline: deadline, Names: slices.Sorted(maps.Keys(values))}
	for _, name := range kept.Names {
		kept.Items = append(kept.Items, values[name])
	}
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(kept); err != nil {
		return nil, fmt.Errorf("write session: %w", err)
	}
	return out.Bytes(), nil
}

func (sessionCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	var kept keptSession
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&kept); err != nil {
		return time.Time{}, nil, fmt.Errorf("read session: %w", err)
	}
	values := make(map[string]any, len(kept.Names))
	for i, name := range kept.Names {
		if i < len(kept.Items) {
			values[name] = kept.Items[i]
		}
	}
	return kept.Deadline, values, nil
}
