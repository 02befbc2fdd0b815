// The parser alone, without compiler and helpers: a third of the time that `handlebars` takes to load.
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  export function parse(text: string): hbs.AST.Program;
}
