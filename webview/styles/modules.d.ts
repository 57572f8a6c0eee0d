/** Style sheets are bundled into review.css; importing one gives nothing. */
declare module '*.css';
