/** The page about a model. */
export {};
