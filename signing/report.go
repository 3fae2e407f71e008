package signing

import (
	"crypto/x509"
	"time"
)

// Rules names the policy that Verify applies: files prepared here, changed by
// nothing but signatures in the prepared fields. A report carries it, so that a
// later, wider policy for files from other tools can be told apart.
const Rules = "own-fields-1"

// Verdict is the answer of a verification.
type Verdict string

// Verdicts, worst first when several checks disagree.
const (
	Invalid       Verdict = "invalid"
	Indeterminate Verdict = "indeterminate" // not enough information
	Valid         Verdict = "valid"
)

// Outcome is the answer of one check.
type Outcome string

// Outcomes. NotChecked is what the policy did not ask for and could not be
// told; it does not lower the verdict.
const (
	Passed     Outcome = "passed"
	Failed     Outcome = "failed"
	Unknown    Outcome = "unknown" // required, but the information is missing
	NotChecked Outcome = "not_checked"
)

// Code names a check; templates turn it into words.
type Code string

// Checks of the whole file.
const (
	CheckLimits    Code = "limits"          // size, revisions, objects
	CheckStructure Code = "file_structure"  // strict startxref and Prev walk, nothing after the end, no encryption
	CheckPrepared  Code = "prepared_prefix" // the prepared bytes stand unchanged at the start
	CheckContent   Code = "document_content"
	CheckRevisions Code = "revision_changes" // every increment is one signature and nothing else
	CheckFields    Code = "expected_fields"  // name, page and place of every field; none unexpected
	CheckRequired  Code = "required_fields"  // the required ones are signed
)

// Checks of one signature.
const (
	CheckByteRange          Code = "byte_range"
	CheckPermissions        Code = "permissions" // no DocMDP, FieldMDP, Perms
	CheckDictionary         Code = "signature_dictionary"
	CheckMessage            Code = "cms_structure"
	CheckAttributes         Code = "signed_attributes"
	CheckDigest             Code = "digest"
	CheckSigningCertificate Code = "signing_certificate"
	CheckSignature          Code = "signature_value"
)

// Checks of the signer's certificate.
const (
	CheckKey        Code = "key_strength"
	CheckNotCA      Code = "not_a_ca"
	CheckKeyUsage   Code = "key_usage"
	CheckValidity   Code = "certificate_validity"
	CheckChain      Code = "certificate_chain"
	CheckRevocation Code = "revocation"
)

// Check is one check with its outcome; Detail is for operators, in English.
type Check struct {
	Code    Code    `json:"code"`
	Outcome Outcome `json:"outcome"`
	Detail  string  `json:"detail,omitempty"`
}

// Signature is what was found in one signed field.
type Signature struct {
	Field       Field             `json:"field"`
	Revision    int               `json:"revision"`     // counted from 0, the oldest
	ByteRange   [4]int            `json:"byte_range"`   // as written; judged by CheckByteRange
	ClaimedTime time.Time         `json:"claimed_time"` // what the file says; zero when unreadable
	Certificate *x509.Certificate `json:"-"`            // the signer's; nil when unreadable
	Checks      []Check           `json:"checks"`
}

// Verdict of this signature alone.
func (s Signature) Verdict() Verdict { return verdict(s.Checks) }

// Report is the outcome of Verify. Whose certificate belongs to which person
// and role is for the caller to say; the report hands out the certificates.
type Report struct {
	Rules      string      `json:"rules"`
	Verdict    Verdict     `json:"verdict"`
	Checks     []Check     `json:"checks"`     // of the whole file
	Signatures []Signature `json:"signatures"` // oldest first
}

// Signature returns the signature in the field of that name.
func (r Report) Signature(field string) (Signature, bool) {
	for _, s := range r.Signatures {
		if s.Field.Name == field {
			return s, true
		}
	}
	return Signature{}, false
}

// Problems lists every check that failed or lacks information.
func (r Report) Problems() []Check {
	all := r.Checks
	for _, s := range r.Signatures {
		all = append(all[:len(all):len(all)], s.Checks...)
	}
	var out []Check
	for _, c := range all {
		if c.Outcome == Failed || c.Outcome == Unknown {
			out = append(out, c)
		}
	}
	return out
}

func verdict(checks []Check) Verdict {
	worst := Valid
	for _, c := range checks {
		switch c.Outcome {
		case Failed:
			return Invalid
		case Unknown:
			worst = Indeterminate
		}
	}
	return worst
}

// judged turns an error into a check: nil passes.
func judged(code Code, err error) Check {
	if err != nil {
		return Check{code, Failed, err.Error()}
	}
	return Check{code, Passed, ""}
}
