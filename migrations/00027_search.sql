-- +goose Up
-- What a document is found by: one row that every reader of the document may
-- find, and, while a revision is frozen and not yet signed, one of the unit's own
-- people, who alone may read that revision.
--
-- words holds every word twice, as written and without diacritics, and marks that
-- no text can contain: #quarter, @unit, %kind, ~year, =number. A list that goes
-- from the newest quarter back asks for the quarter's mark too, so that even a
-- word of every document is looked up in few.
create table search_texts (
    document_id text not null references documents,
    own         boolean not null,     -- for the unit's own people alone
    unit_code   text not null references units,
    quarter     int not null,         -- of the end of the period: year * 4 + 0 to 3
    at          timestamptz not null, -- of the newest change to what is found
    revision    int not null,         -- whose text is in words; 0: none
    version     int not null,         -- of the making of words: older ones are made anew
    words       tsvector not null,
    primary key (document_id, own)
);
create index search_texts_words on search_texts using gin (words) with (gin_pending_list_limit = 1024);

-- The words there are, to end a word that is being typed.
create table search_words (
    word   text collate "C" primary key,
    folded boolean not null -- without diacritics
);

grant select, insert, update, delete on search_texts to cchc_app;
grant select, insert on search_words to cchc_app;

-- +goose Down
select 'forward only';
