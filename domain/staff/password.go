package staff

import (
	"strings"
	"unicode"

	"cchc/domain/rule"
)

// Codes of a password that may not be chosen.
const (
	PasswordShort    rule.Code = "password_short"     // args: the fewest letters allowed
	PasswordLong     rule.Code = "password_long"      // args: the most bytes allowed
	PasswordClasses  rule.Code = "password_classes"   // -
	PasswordUsername rule.Code = "password_username"  // -
	PasswordCommon   rule.Code = "password_common"    // -
	PasswordDiffers  rule.Code = "password_differs"   // the repetition is another text
	PasswordSame     rule.Code = "password_unchanged" // the new one is the old one
	PasswordWrong    rule.Code = "password_wrong"     // the present one does not match
)

// PasswordCodes lists every code above.
var PasswordCodes = []rule.Code{
	PasswordShort, PasswordLong, PasswordClasses, PasswordUsername,
	PasswordCommon, PasswordDiffers, PasswordSame, PasswordWrong,
}

// Lengths of a password. TCVN 14423:2026 5.6.2.2b suggests 14 letters of all
// four classes where no second factor is asked; a phrase of 20 is as strong and
// is easier to keep in mind, so it may do without the classes.
const (
	PasswordMin    = 14
	PasswordPhrase = 20
	PasswordMax    = 256 // bytes: hashing takes time that must be bounded
)

// CheckPassword collects what speaks against a new password. field names the
// form field that the problems belong to.
func CheckPassword(field, username, password string) rule.Errors {
	var errs rule.Errors
	letters := len([]rune(password))
	if letters < PasswordMin {
		errs.Add(PasswordShort, field, PasswordMin)
	}
	if len(password) > PasswordMax {
		errs.Add(PasswordLong, field, PasswordMax)
	}
	if letters < PasswordPhrase && classes(password) < 4 {
		errs.Add(PasswordClasses, field)
	}
	if username != "" && strings.Contains(strings.ToLower(password), strings.ToLower(username)) {
		errs.Add(PasswordUsername, field)
	}
	if common(password) {
		errs.Add(PasswordCommon, field)
	}
	return errs
}

// classes counts lower case, upper case, digits and everything else.
func classes(password string) int {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

// stems are beginnings of the guesses that attackers of Vietnamese sites try
// first; alone or with digits and signs around they protect nothing.
var stems = []string{
	"password", "matkhau", "qwerty", "asdfgh", "abc", "admin", "welcome",
	"iloveyou", "vietnam", "hochiminh", "saigon", "tphcm", "cchc", "sonoivu",
}

// common tells whether nothing is left of the password once the usual stems,
// digits and signs are taken away, or whether it repeats very few letters.
func common(password string) bool {
	left := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.NewReplacer("@", "a", "$", "s").Replace(password))
	for _, stem := range stems {
		left = strings.ReplaceAll(left, stem, "")
	}
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	return left == "" || len(different) < 5
}
