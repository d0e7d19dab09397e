# One image for the three roles, the console tool `bobcofer` and the sandbox; docker-compose.yml says which one a
# container runs. Versions are pinned; add the digest of what you have tested (`docker buildx imagetools inspect
# node:24.21.0-bookworm-slim`), as `FROM node:24.21.0-bookworm-slim@sha256:…`.

# Everything that compiles stays in here.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
# Dependencies change less often than code: a layer of their own.
COPY package.json package-lock.json ./
COPY sandbox/package.json sandbox/
RUN npm ci --no-audit --no-fund
COPY . .
# JavaScript, the bundle of the workflows, the packages that are loaded, Temporal's core for this platform alone.
# test/docker/image.test.ts runs the roles from what this writes.
RUN npm run build -- --out /app && chmod -R a+rX /app

FROM node:24.21.0-bookworm-slim
# TLS to Temporal Cloud and to the services needs the system's certificates.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  # npm is of no use in here: fewer programs, fewer holes to mend.
  && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /opt/yarn-* /usr/local/bin/yarn* \
  && ln -s /app/cli/main.js /usr/local/bin/bobcofer \
  && mkdir /files && chown node:node /files

WORKDIR /app
# glibc otherwise keeps an arena of freed memory for each thread, and Temporal's core has several.
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
COPY --from=build /app ./
USER node
CMD ["node", "--enable-source-maps", "worker/main.js"]
