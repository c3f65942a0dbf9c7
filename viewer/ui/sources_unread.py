"""Keep the source of what is imported beside Qt out of memory, by being imported first.

Shiboken reads the source of each module that is imported after it, and looks for the
word PySide6: a module may ask for names in snake_case, which none of ours does. Python
keeps every line that was read: 20 MB of the window, and a sixth of the time of imports.
"""

import sys

import PySide6.QtCore  # noqa: F401 - brings Shiboken

_features = sys.modules.get("shibokensupport.feature")
if hasattr(_features, "_mod_uses_pyside"):  # its own affair, and may be gone one day
    vars(_features)["_mod_uses_pyside"] = lambda _: False
