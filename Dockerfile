# For another base image, such as one pinned by digest or from your own registry: --build-arg BASE=...
ARG BASE=python:3.13.16-slim-trixie

FROM ${BASE} AS build
WORKDIR /build
COPY requirements.lock requirements-image.lock ./
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
# npm for Plotly's small bundle, and the tool for the bill of materials; neither is part of the final image.
RUN python -m venv /opt/tools && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements-image.lock
COPY scripts/fetch_plotly.py scripts/sbom.py scripts/
RUN PATH="/opt/tools/bin:$PATH" /opt/venv/bin/python scripts/fetch_plotly.py \
    && grep -q '^\* plotly.js (cartesian' static/vendor/plotly.min.js
# The app serves Plotly's JavaScript but does not import the Python package, which takes 64 MB.
RUN /opt/venv/bin/pip uninstall --quiet --yes plotly narwhals pip
# Nor does it import the tests of other packages, which take 20 MB.
RUN find /opt/venv -type d -name tests -prune -exec rm -r {} +
RUN /opt/tools/bin/python scripts/sbom.py /opt/venv/bin/python static/vendor/plotly.min.js > sbom.json

FROM ${BASE}
RUN groupadd -g 10001 unrolled && useradd -u 10001 -g 10001 -M -s /usr/sbin/nologin unrolled
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/unrolled
COPY app app
COPY templates templates
COPY static static
COPY --from=build /build/static/vendor static/vendor
COPY --from=build /build/sbom.json .
ENV PATH="/opt/venv/bin:$PATH" PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
# Compiled for the user below, who may not write them.
RUN python -m compileall -q app && python -m app.precompute && chmod -R a+rX app templates
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --start-interval=1s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz')"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
