// Package signing makes and verifies PAdES baseline B-B signatures: it adds
// empty signature fields to a PDF, prepares a field for signing, signs with any
// crypto.Signer and verifies the result against the caller's own policy.
//
// What lives here: the PDF side of a signature (fields, increments, ByteRange,
// appearance), the CMS side in signing/cms, the strict file reader in
// signing/pdf, keys from PKCS#12 and the certificate checks. What must not:
// documents, people, database, web pages, the clock (every instant is an
// argument) and any word a user reads: results are codes.
//
// Legal frame: Law 20/2023/QH15 on electronic transactions art. 22, Decree
// 30/2020/ND-CP annex I part II (place and look of signatures); technical:
// ETSI EN 319 142-1 (PAdES), EN 319 122-1 (CAdES), ISO 32000-2 clause 12.8.
package signing
