# Fortnight in a container. How to run it: docs/guide/install.md, "In a container".
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json vite.config.ts ./
COPY test/tools ./test/tools
COPY config ./config
COPY src ./src
RUN node test/tools/build.mjs
# What runs is the image's own Node: the carried one would be a second.
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 fortnight \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/fortnight --shell /usr/sbin/nologin fortnight \
  && install -d -o fortnight -g fortnight -m 0700 /var/lib/fortnight \
  && install -d -m 0755 /etc/fortnight
COPY --from=build /build/node_modules /usr/lib/fortnight/node_modules
COPY --from=build /build/dist /usr/lib/fortnight/dist
COPY --from=build /build/config /usr/lib/fortnight/config
COPY package.json LICENSE /usr/lib/fortnight/
RUN ln -s ../lib/fortnight/dist/main.js /usr/bin/fortnight
ENV NODE_ENV=production
USER 10001:10001
VOLUME /var/lib/fortnight
EXPOSE 8443
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["fortnight", "status"]
ENTRYPOINT ["fortnight"]
CMD ["run"]
