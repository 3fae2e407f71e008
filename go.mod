module cchc

go 1.26
