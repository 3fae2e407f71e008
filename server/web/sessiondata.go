package web

import (
	"encoding/json"
	"fmt"
	"time"
)

// sessionCodec writes what a session holds as JSON: in one order, for a session
// that looked changed would be written, and waited for, at every request; and
// read in a few microseconds, for that is done at every request too.
type sessionCodec struct{}

// keptSession is a session's row. A row of another shape opens as an empty
// session: its person signs in again.
type keptSession struct {
	Deadline time.Time
	Numbers  map[string]int64
	Texts    map[string]string
}

func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	kept := keptSession{Deadline: deadline, Numbers: map[string]int64{}, Texts: map[string]string{}}
	for name, value := range values {
		switch value := value.(type) {
		case int64:
			kept.Numbers[name] = value
		case string:
			kept.Texts[name] = value
		default:
			return nil, fmt.Errorf("write session: %s is a %T", name, value)
		}
	}
	out, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("write session: %w", err)
	}
	return out, nil
}

func (sessionCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	var kept keptSession
	values := map[string]any{}
	if json.Unmarshal(data, &kept) != nil {
		return time.Time{}, values, nil
	}
	for name, value := range kept.Numbers {
		values[name] = value
	}
	for name, value := range kept.Texts {
		values[name] = value
	}
	return kept.Deadline, values, nil
}
