"""Those who come by paper: slips and posters to print, and the door for a code."""
