# One image for the three roles; docker-compose.yml says which one a container runs.
FROM node:20.20.2-bookworm-slim

# TLS to Temporal Cloud and to the services needs the system's certificates.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app
ENV NODE_ENV=production

# Dependencies change less often than code: a layer of their own.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

COPY . .
USER node
CMD ["node", "--import", "tsx", "worker/main.ts"]
