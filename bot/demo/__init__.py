"""The demo: a made-up organisation, made-up answers, and time that can be moved. No route of it exists in `serve`."""
