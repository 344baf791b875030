// Which file may import which: docs/design/architecture.md, "Rooms", as rules. test/unit/imports.test.ts applies them.

const ADAPTERS = ['db', 'disk', 'http', 'ingest', 'media', 'observe'];
const DOMAIN = ['clips', 'roots', 'retention', 'holds', 'audit', 'access', 'alarms'];
const room = (names) => `^src/(${names.join('|')})/`;

/** Where rooms are joined: one composition root per thread and the files it is made of, and the commands. */
const WIRING = '^src/([a-z-]+\\.ts$|app/|cli/|demo/)';

/** Decisions: they see values and answer values. */
const PURE = [
  '^src/retention/(decide|breaker)\\.ts$',
  '^src/clips/(times|clip|media-info|store|change|known)\\.ts$',
  '^src/clips/layouts/',
  '^src/holds/(hold|coverage-report)\\.ts$',
  '^src/audit/(entry|verify)\\.ts$',
  '^src/access/roles\\.ts$',
  '^src/roots/(root|state)\\.ts$',
  '^src/ingest/(settle|diff|missing)\\.ts$',
  '^src/http/range\\.ts$',
  '^src/config/config\\.ts$',
  '^src/base/(range|canonical-json|assert)\\.ts$',
];
/** Of base, what pure files may use: constants and arithmetic of time, errors as values. */
const PURE_BASE = '^src/base/(clock|zone|errors|error-codes|nearest|printable)\\.ts$';

const onlyIn = (name, packagePattern, places) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: places },
  to: { path: `node_modules/(${packagePattern})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'when the program runs; within a room a type may refer back',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycles-between-rooms',
      comment: 'not even of types',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { circular: true, pathNot: '^src/$1/' },
    },
    {
      name: 'no-orphans',
      comment: 'a file that nobody imports and that imports nobody',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'base-imports-nothing',
      severity: 'error',
      from: { path: '^src/base/' },
      to: { path: ['^src/', 'node_modules/'], pathNot: '^src/base/' },
    },
    {
      name: 'config-imports-base-only',
      comment: 'and the layouts, whose names the schema lists',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/', pathNot: ['^src/(base|config)/', '^src/clips/layouts/'] },
    },
    {
      name: 'domain-below-adapters',
      severity: 'error',
      from: { path: room(DOMAIN) },
      to: { path: '^src/', pathNot: ['^src/(base|config)/', room(DOMAIN)] },
    },
    ...ADAPTERS.map((name) => ({
      name: `${name}-stays-apart`,
      severity: 'error',
      from: { path: `^src/${name}/` },
      to: { path: room(ADAPTERS.filter((other) => other !== name)) },
    })),
    {
      name: 'only-the-top-wires',
      severity: 'error',
      from: { path: '^src/', pathNot: WIRING },
      to: { path: WIRING },
    },
    {
      name: 'pure-files-import-pure-files',
      comment: 'types excepted: they leave nothing behind',
      severity: 'error',
      from: { path: PURE },
      to: { path: '^src/', pathNot: [...PURE, PURE_BASE], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-files-touch-nothing',
      severity: 'error',
      from: { path: PURE },
      to: { dependencyTypes: ['core', 'npm'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'the-page-imports-types-of-the-api',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/', pathNot: ['^src/web/', '^src/http/api/'] },
    },
    {
      name: 'the-page-imports-types-only',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/http/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-the-page',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
      to: { path: '^src/web/' },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'check-stands-alone',
      comment: 'a checker that shares the daemon’s code shares its mistakes',
      severity: 'error',
      from: { path: '^src/cli/check/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/base/(clock|errors|error-codes|printable)\\.ts$',
          '^src/cli/check/',
          '^src/cli/(command|open-config)\\.ts$',
        ],
      },
    },
    onlyIn('sql-only-in-db', 'better-sqlite3', ['^src/db/', '^src/cli/check']),
    onlyIn('fluent-ffmpeg-in-one-file', 'fluent-ffmpeg', ['^src/media/ffmpeg\\.ts$']),
    onlyIn('node-cron-in-one-file', 'node-cron', ['^src/jobs\\.ts$']),
    onlyIn('prom-client-only-in-observe', 'prom-client', ['^src/observe/']),
    onlyIn('pino-in-one-file', 'pino', ['^src/observe/log\\.ts$']),
    onlyIn('express-only-in-http', 'express', ['^src/http/']),
    onlyIn('chokidar-only-in-ingest', 'chokidar', ['^src/ingest/']),
    onlyIn('yaml-only-in-config', 'yaml', ['^src/config/', '^src/cli/']),
    onlyIn('argon2-only-in-access', '@node-rs/argon2', ['^src/access/']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6', 'cjs', 'tsd'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
