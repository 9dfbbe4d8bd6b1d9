import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler } from 'express';
import { notFound } from '../problems/request-refused.js';

/** Paths of the doors beside the console: an address below them is never a page. */
const DOORS = /^\/(api|health|metrics)(\/|$)/;
/** A content hash in a file's name: what it holds never changes. */
const HASHED = /-[\w-]{8}\.\w+$/;
const A_YEAR_MS = 365 * 24 * 3_600_000;

/**
 * Serves the built console: its files as they are, and its one HTML page for every other address that a browser goes to. Names with a hash are
 * kept by browsers for a year, the rest is asked for again each time; the page itself is never kept, so that a new console is seen at once.
 */
export const consoleFiles = (folder: string): RequestHandler => {
  const page = join(folder, 'index.html');
  if (!existsSync(page))
    throw new Error(`There is no console in ${folder}: build it with "npx nx run console:build", or leave its folder out.`);
  const files = express.static(folder, {
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      const kept = HASHED.test(path) ? `public, max-age=${A_YEAR_MS / 1_000}, immutable` : 'no-cache';
      response.setHeader('cache-control', path === page ? 'no-store' : kept);
    },
  });
  return (request, response, next) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || DOORS.test(request.path)) return next();
    files(request, response, (error?: unknown) => {
      if (error) return next(error);
      // A script that is gone must not be answered with a page.
      if (/\.\w+$/.test(request.path)) return next(notFound('console.no-such-file', `The console has no file ${request.path}.`));
      response.set('cache-control', 'no-store').sendFile(page);
    });
  };
};
