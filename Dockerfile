# All programs in one image; the command says which: server, worker, proxy or watch.
# Not tried where it was written: there was no container engine. The commands
# of the build are those of `make build`, which is tried every day.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags='-s -w' -o /out/ ./server ./worker ./proxy ./watch

# Alpine for its certificates and the wget of the health check; the programs are
# static and carry their own time zone rules.
FROM alpine:3.22
RUN adduser -D -H -u 10001 cchc && mkdir -p /srv/cchc/files /srv/cchc/keys /srv/cchc/watch && chown -R cchc:cchc /srv/cchc
COPY --from=build /out/server /out/worker /out/proxy /out/watch /usr/local/bin/
USER cchc
VOLUME ["/srv/cchc/files", "/srv/cchc/keys", "/srv/cchc/watch"]
ENV CCHC_FILES=/srv/cchc/files CCHC_KEYS=/srv/cchc/keys CCHC_TRUST_ROOTS=/srv/cchc/keys/roots.pem
EXPOSE 8080
CMD ["server"]
