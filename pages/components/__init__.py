"""The look that all pages share.

`style.css` is the one stylesheet (light, dark, paper), `script.js` the one script, `templates/` holds the
parts of pages as Jinja2 macros (`parts.html.j2`, `map.html.j2`) and the frame of a page (`page.html.j2`),
`map/` draws the world. `environment.py` opens the templates with escaping on; `colours.py` gives each topic a
colour and a pattern.

Where do I go to ...?
- change a colour, a distance, a font, the print: `style.css`
- make another kind of bar: a macro of `templates/parts.html.j2`
- let a page of another package use all this: `environment.py`, with that package's folder of templates
"""
