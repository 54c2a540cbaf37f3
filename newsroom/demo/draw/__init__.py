"""The demo newsroom's illustrations: scenes return SVG, ``python -m newsroom.demo.draw`` rasters them."""
