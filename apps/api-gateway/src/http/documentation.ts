import { applyDecorators, Controller, HttpCode, type INestApplication } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { OpenDoor } from '@orderlines/auth';
import { PROBLEM_CONTENT_TYPE, ProblemDetails } from '@orderlines/contracts';
import { z } from 'zod';

/** Controller of the API, under /api/v1; everything in it but open doors wants a token. */
export const ApiController = (path: string) =>
  applyDecorators(
    Controller(`api/v1/${path}`),
    ApiTags(path.split('/')[0] || 'api'),
    ApiResponse({ status: '4XX', description: `Refused, as ${PROBLEM_CONTENT_TYPE}`, standardSchema: ProblemDetails }),
    ApiResponse({ status: '5XX', description: `Not possible now, as ${PROBLEM_CONTENT_TYPE}`, standardSchema: ProblemDetails }),
  );

/** What a route does and answers, for the document. */
export const Answers = (status: number, summary: string, schema?: z.ZodType) =>
  applyDecorators(ApiOperation({ summary }), ApiResponse({ status, description: summary, ...(schema && { standardSchema: schema }) }));

/** What a route does and answers that nobody needs to log in for. */
export const AnswersAnybody = (status: number, summary: string, schema?: z.ZodType) =>
  applyDecorators(OpenDoor(), Answers(status, summary, schema), ApiOperation({ summary, security: [] }));

/** What a route answers in another case. */
export const AlsoAnswers = (status: number, description: string, schema: z.ZodType) =>
  ApiResponse({ status, description, standardSchema: schema });

/** A route that answers with server-sent events, each with data of this schema. */
export const AnswersEvents = (summary: string, schema: z.ZodType) =>
  applyDecorators(
    ApiOperation({ summary }),
    ApiProduces('text/event-stream'),
    ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes on behind this event.' }),
    ApiResponse({ status: 200, description: summary, standardSchema: schema }),
  );

/** A route whose request may be repeated under the same key. */
export const TakesIdempotencyKey = () =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key with the same request gets the same answer, for seven days; at most 128 characters.',
  });

/** A `@Post` route that does something, answers with what became of it, and may be repeated under the same key. */
export const Does = (summary: string, schema: z.ZodType) =>
  applyDecorators(HttpCode(200), TakesIdempotencyKey(), Answers(200, summary, schema));

/** Serves the OpenAPI page at /api/docs and the document at /api/docs-json. */
export const serveDocumentation = (app: INestApplication, version: string): void => {
  const config = new DocumentBuilder()
    .setTitle('orderlines')
    .setDescription('Design a process, run it on a fleet of workers, watch, stop, resume and repair it.')
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A token of POST /api/v1/sessions' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, { autoTagControllers: false });
  SwaggerModule.setup('api/docs', app, document, { jsonDocumentUrl: 'api/docs-json', yamlDocumentUrl: 'api/docs-yaml' });
};
