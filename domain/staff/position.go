package staff

import "cchc/domain/rule"

// Codes of a position that may not be given.
const (
	RoleUnknown   rule.Code = "role_unknown"   // args: what was given
	RoleElsewhere rule.Code = "role_elsewhere" // args: the role, which exists at the authority alone
)

// AtAuthorityOnly tells whether the role exists at the authority alone
// (QĐ 1439 Đ3.7 to 3.9, Đ6.2, Đ15.1).
func (r Role) AtAuthorityOnly() bool {
	switch r {
	case Officer, AuthorityHead, AccountAdmin, SystemAdmin:
		return true
	}
	return false
}

// CheckPosition collects what speaks against giving the role at the unit.
func CheckPosition(field string, role Role, unit, authority string) rule.Errors {
	switch {
	case !role.Valid():
		return rule.Broken(RoleUnknown, field, string(role))
	case role.AtAuthorityOnly() && unit != authority:
		return rule.Broken(RoleElsewhere, field, string(role))
	}
	return nil
}
