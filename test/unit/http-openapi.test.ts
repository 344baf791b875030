import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/http/openapi.ts';
import { ROUTES } from '../../src/http/routes/index.ts';

const text = JSON.stringify(openApiDocument(ROUTES));
const document = JSON.parse(text) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
};
interface Operation {
  summary: string;
  security: object[];
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string }>;
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1 with every route, and no other', () => {
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((m) => `${m.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(
      ROUTES.map((r) => `${r.method} ${r.path.replace(/:(\w+)/g, '{$1}')}`).sort(),
    );
  });

  it.each(ROUTES.map((r) => [`${r.method} ${r.path}`, r] as const))('says what %s needs', (_, route) => {
    const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]![route.method.toLowerCase()]!;
    const named = (where: string): string[] =>
      (operation.parameters ?? []).filter((p) => p.in === where).map((p) => p.name);
    expect(named('path')).toEqual([...route.path.matchAll(/:(\w+)/g)].map((m) => m[1]));
    expect(operation.security).toEqual(route.allow === 'public' ? [] : [{ session: [] }]);
    expect(named('header').includes('x-fortnight-csrf')).toBe(
      route.allow !== 'public' && route.method !== 'GET',
    );
    expect(operation.requestBody !== undefined).toBe(route.body !== undefined);
    expect(Object.keys(operation.responses).sort()).toEqual([String(route.output.status), 'default'].sort());
  });

  it('resolves every reference it makes', () => {
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas).toHaveProperty(name!);
  });
});
