package volume

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/alexedwards/argon2id"
	"github.com/lib/pq"

	"cchc/storage"
)

func lower(s string) string { return strings.ToLower(s) }

// text is every word that people read in the rows.
var text = struct {
	Families, Middles, Givens, Places, Quarters, Sentences []string
	Unit, City, Capacity, Campaign, Return, Exempt         string
	Plan, Result                                           string
	Tasks, Leads                                           []string
	Index, NotApplicable, Claim                            string
	Proofs                                                 []string
}{}

//go:embed words.json
var words []byte

func init() {
	if err := json.Unmarshal(words, &text); err != nil {
		panic(err)
	}
}

func personName(i int) string {
	return text.Families[i%len(text.Families)] + " " + text.Middles[i/3%len(text.Middles)] + " " + text.Givens[i/7%len(text.Givens)]
}

// units adds wards until there are enough. Those of the seed come first.
func (m *maker) units() error {
	var known int
	if err := m.conn.QueryRowContext(m.ctx, `select count(*) - 1 from units`).Scan(&known); err != nil {
		return err
	}
	var codes, names, keys []string
	for i := known + 1; i <= m.size.Units; i++ {
		name := fmt.Sprintf(text.Unit, text.Places[i%len(text.Places)], i/len(text.Places)+1)
		codes, names, keys = append(codes, fmt.Sprintf("ZZ%d", i)), append(names, name), append(keys, storage.Fold(name))
	}
	if err := m.exec(`
		insert into units (code, abbreviation, name, name_key, unit_group, superior, agency, signer_capacity, symbol, place, valid_from)
		select code, code, name, key, case when n % 9 = 0 then 'commune' else 'ward' end, '', upper(name), $4, 'BC-' || code, $5, '2021-01-01'
		from unnest($1::text[], $2::text[], $3::text[]) with ordinality as u (code, name, key, n)`,
		pq.Array(codes), pq.Array(names), pq.Array(keys), text.Capacity, text.City); err != nil {
		return err
	}
	// The city's own units of the seed have reported before they had their present names.
	return m.all(`update units set valid_from = '2021-01-01'`, `
		create temp table roster as
		select code, row_number() over (order by code like 'ZZ%', code) as n from (
			select code from units where code <> '`+Authority+`' order by code like 'ZZ%', code limit `+fmt.Sprint(m.size.Units)+`) u`)
}

// people holds every desk of every unit; a quarter of the units have a second
// specialist, who is their focal officer too.
func (m *maker) people() error {
	hash, err := argon2id.CreateHash(Password, &argon2id.Params{Memory: 46 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		return err
	}
	if err := m.all(`
		create temp table desks as
		select r.code, d.role, lower(r.code) || '_' || d.login as username,
		       row_number() over (order by r.n, d.login) as n
		from roster r, (values ('specialist', 'specialist'), ('division_head', 'division_head'), ('director', 'director'),
			('clerk', 'clerk'), ('specialist', 'specialist2')) d (role, login)
		where d.login <> 'specialist2' or r.n % 4 = 0
		union all
		select 'SNV', role, 'snv_' || role, 1000000 from unnest(array['officer', 'authority_head', 'account_admin', 'system_admin', 'division_head', 'director']) role`,
	); err != nil {
		return err
	}
	var most int
	if err := m.conn.QueryRowContext(m.ctx, `select count(*) from desks`).Scan(&most); err != nil {
		return err
	}
	names, keys := make([]string, most), make([]string, most)
	for i := range names {
		names[i] = personName(i)
		keys[i] = storage.Fold(names[i])
	}
	if err := m.exec(`
		insert into persons (username, name, name_key, mail, state, password_hash)
		select username, name, key, username || '@cchc.example', 'active', $3
		from (select username, row_number() over (order by n, username) as n from desks) d
		join unnest($1::text[], $2::text[]) with ordinality as w (name, key, n) using (n) order by n`,
		pq.Array(names), pq.Array(keys), hash); err != nil {
		return err
	}
	return m.all(`
		insert into positions (person_id, unit_code, role, valid_from)
		select p.id, d.code, d.role, '2021-01-01' from desks d join persons p using (username) order by p.id`, `
		insert into positions (person_id, unit_code, role, valid_from)
		select p.id, d.code, 'focal_officer', '2021-01-01' from desks d join persons p using (username)
		where d.username like '%specialist2' order by p.id`, `
		create temp table desk as
		select unit_code, role, min(person_id) as person from positions group by 1, 2`,
		`alter table desk add primary key (unit_code, role)`, `analyze desk`)
}
