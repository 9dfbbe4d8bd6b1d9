import { inject } from '@angular/core';
import { Router, type CanActivateFn } from '@angular/router';
import { Session } from '@orderlines/console/api';

/** Lets people in who are logged in, and sends others to the login, from where they come back. */
export const isLoggedIn: CanActivateFn = async (_route, { url }) => {
  const router = inject(Router);
  return (await inject(Session).isOpen()) || router.createUrlTree(['/login'], { queryParams: { to: url } });
};
