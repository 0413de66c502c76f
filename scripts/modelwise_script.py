"""The entry that the WebUI executes; everything else is in the package `modelwise`."""

try:
    from modelwise.webui.register import register
    from modelwise.webui.script import ModelwiseScript

    register()
except ImportError as error:
    from modelwise.webui.missing import script_for

    ModelwiseScript = script_for(error)
