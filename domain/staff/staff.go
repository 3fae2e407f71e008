// Package staff says who may do what where: roles, positions, and the scopes
// that follow from them. Work goes to a role at a unit, never to a person;
// a person holds positions between two instants.
//
// Nothing here knows how people sign in, nor any document's state: which role
// may make which move is the table in domain/document.
package staff

import (
	"slices"
	"time"
)

// Role is what a position at a unit entitles to.
type Role string

// The roles. The first five belong to every unit (QĐ 1439 Đ8.1b, Đ6.4); the
// others exist at the authority, and Viewer at any body of city leadership.
const (
	Specialist    Role = "specialist"     // chuyên viên: drafts and submits
	DivisionHead  Role = "division_head"  // lãnh đạo cấp phòng: reviews
	Director      Role = "director"       // thủ trưởng: signs digitally
	Clerk         Role = "clerk"          // văn thư: numbers documents
	FocalOfficer  Role = "focal_officer"  // cán bộ đầu mối
	Officer       Role = "officer"        // chuyên viên of the authority: launches, confirms, returns
	AuthorityHead Role = "authority_head" // lãnh đạo of the authority: gets escalations
	AccountAdmin  Role = "account_admin"  // issues and closes accounts (QĐ 1439 Đ6.2)
	SystemAdmin   Role = "system_admin"   // operates the system (QĐ 1439 Đ3.9)
	Viewer        Role = "viewer"         // lãnh đạo thành phố: reads everything
)

// Roles lists every role, in the order in which pages offer them.
var Roles = []Role{
	Specialist, DivisionHead, Director, Clerk, FocalOfficer,
	Officer, AuthorityHead, AccountAdmin, SystemAdmin, Viewer,
}

// Valid tells whether r is one of Roles.
func (r Role) Valid() bool {
	for _, known := range Roles {
		if r == known {
			return true
		}
	}
	return false
}

// Position is a role held by one person at one unit.
type Position struct {
	Unit string `db:"unit_code"`
	Role Role   `db:"role"`
}

// Unit is an organisation that reports. What stands on paper (agency, superior,
// capacity of the signer, symbol) is data, because organisations change.
type Unit struct {
	Code           string     `db:"code"`         // ASCII, stable, part of document ids
	Abbreviation   string     `db:"abbreviation"` // as printed, e.g. "SGDĐT"
	Name           string     `db:"name"`
	Group          string     `db:"unit_group"`      // department, ward, commune, special_zone
	Superior       string     `db:"superior"`        // lines above the agency's name on paper, "\n" between
	Agency         string     `db:"agency"`          // the agency's name on paper, "\n" between lines
	SignerCapacity string     `db:"signer_capacity"` // e.g. "GIÁM ĐỐC", "\n" between lines
	Symbol         string     `db:"symbol"`          // after the number: "BC-STC", "BC-UBND"
	Place          string     `db:"place"`           // địa danh (NĐ 30/2020 PL II.4)
	ValidFrom      time.Time  `db:"valid_from"`
	ValidTo        *time.Time `db:"valid_to"`
}

// Actor is a signed-in person with the positions in force at this instant.
type Actor struct {
	Person    int64
	Username  string
	Name      string
	Positions []Position
}

// Holds tells whether the actor has the role at the unit.
func (a Actor) Holds(role Role, unit string) bool {
	for _, p := range a.Positions {
		if p.Role == role && p.Unit == unit {
			return true
		}
	}
	return false
}

// HoldsAny tells whether the actor has one of the roles, at whichever unit.
func (a Actor) HoldsAny(roles ...Role) bool {
	for _, p := range a.Positions {
		for _, role := range roles {
			if p.Role == role {
				return true
			}
		}
	}
	return false
}

// HoldsOnly tells whether the role is the only one the actor has, at whichever
// units.
func (a Actor) HoldsOnly(role Role) bool {
	for _, p := range a.Positions {
		if p.Role != role {
			return false
		}
	}
	return len(a.Positions) > 0
}

// Units lists the units of the actor's positions, each once.
func (a Actor) Units() []string {
	var units []string
	seen := map[string]bool{}
	for _, p := range a.Positions {
		if !seen[p.Unit] {
			seen[p.Unit] = true
			units = append(units, p.Unit)
		}
	}
	return units
}

// WorksAt lists the units on whose documents the actor works: they read drafts
// and unsigned revisions there. Administrators and the city's readers do not by
// having their desk at a unit.
func (a Actor) WorksAt() []string {
	var units []string
	for _, p := range a.Positions {
		switch p.Role {
		case AccountAdmin, SystemAdmin, Viewer:
			continue
		}
		if !slices.Contains(units, p.Unit) {
			units = append(units, p.Unit)
		}
	}
	return units
}

// Scope is what a person may read: the documents of some units, or of all.
type Scope struct {
	All   bool
	Units []string
}

// Reads is the scope of documents the actor may read. The authority's officers
// and the city's leaders read every unit (QĐ 1439 Đ15.1, Đ10.1); everybody else
// reads their own units. An account or system administrator's position gives no
// right to read content (least privilege, Đ5.1).
func (a Actor) Reads() Scope {
	if a.HoldsAny(Officer, AuthorityHead, Viewer) {
		return Scope{All: true}
	}
	var scope Scope
	seen := map[string]bool{}
	for _, p := range a.Positions {
		if p.Role == AccountAdmin || p.Role == SystemAdmin || seen[p.Unit] {
			continue
		}
		seen[p.Unit] = true
		scope.Units = append(scope.Units, p.Unit)
	}
	return scope
}

// Covers tells whether the unit lies within the scope.
func (s Scope) Covers(unit string) bool {
	if s.All {
		return true
	}
	for _, u := range s.Units {
		if u == unit {
			return true
		}
	}
	return false
}
